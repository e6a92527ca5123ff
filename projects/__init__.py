"""重大项目推进: the one application. Its floors stand in pyproject.toml, below [tool.importlinter]."""
