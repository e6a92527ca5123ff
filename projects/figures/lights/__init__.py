"""Lights (亮灯): which rule set judges, how a project is judged, what closed periods showed, trials, who lags and why."""
