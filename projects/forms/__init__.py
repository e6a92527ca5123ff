"""Forms (表单) of the pages, one module per subject."""
