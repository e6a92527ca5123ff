"""The stage columns (前期、在建、竣工): how many projects, and what each stage is watched for."""

from typing import Any

from projects.figures.figures import FigureRow
from projects.figures.population import Scope
from projects.figures.watches import STAGES, WATCHES, watch_counts

from ...base.scope import door


def stage_columns(scope: Scope, total: FigureRow, *, watched: bool = True) -> list[dict[str, Any]]:
    """Columns with their matters, every count with the door to its rows; a publication froze no matters."""
    counts = watch_counts(scope) if watched else {}
    return [
        {
            "stage": stage,
            "n": total[stage.key],
            "href": door(scope, stage.key),
            "watches": [
                {"watch": watch, "n": counts[key], "href": f"{door(scope, stage.key)}&watch={key}"}
                for key, watch in WATCHES.items()
                if watch.stage == stage.key and key in counts
            ],
        }
        for stage in STAGES
    ]
