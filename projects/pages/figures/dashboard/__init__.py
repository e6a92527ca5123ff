"""The dashboards (总览): the overview of all or of one group, ranking, comparison, lagging projects, the big screen."""
