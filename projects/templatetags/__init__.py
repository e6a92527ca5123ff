"""Template tags (模板标签): how things are shown. Rules and sums live on lower floors."""
