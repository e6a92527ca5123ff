"""The form of a marker (服务标记)."""

from typing import ClassVar

from django import forms

from projects.models import ProjectMarker

from .permits import day_input


class MarkerForm(forms.ModelForm):
    """The state of a joint service on a project; what depends on the state before is the service's to check."""

    class Meta:
        model = ProjectMarker
        fields: ClassVar = ["state", "since_on", "document", "note"]
        widgets: ClassVar = {"since_on": day_input()}
        help_texts: ClassVar = {
            "document": "办结时必填，如证号、协议编号。",
            "note": "不再办理、更正已办结事项时必填，写明原因。",
        }
