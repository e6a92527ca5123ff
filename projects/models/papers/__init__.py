"""What permits a project (手续): permits and markers, land."""
