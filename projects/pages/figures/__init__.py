"""Pages of baselines, targets, publications and dashboards (指标)."""
