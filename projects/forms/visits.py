"""The form of a site visit (走访), made for a phone on the site."""

from django import forms

from projects.models import Official
from projects.services.attachments import ACCEPT_PICTURES, prepare_files


class PicturesInput(forms.FileInput):
    """A file input that takes several pictures."""

    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures, checked and prepared for storing: cleaned value is a list of PreparedFile."""

    widget = PicturesInput

    def clean(self, data, initial=None):
        given = data if isinstance(data, list | tuple) else [data]
        uploads = [
            upload for upload in (super(PicturesField, self).clean(one, initial) for one in given) if upload
        ]
        return prepare_files(uploads)


class VisitForm(forms.Form):
    """A visit: when, where, who, what was found and decided, with photos."""

    visited_on = forms.DateField(
        label="走访日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    official = forms.ModelChoiceField(
        label="带队领导",
        queryset=Official.objects.filter(is_active=True),
        required=False,
        empty_label="无领导带队",
        help_text="计入该领导当月走访。",
    )
    findings = forms.CharField(
        label="现场情况",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="进度、存在问题、企业诉求。",
    )
    decisions = forms.CharField(
        label="议定事项", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = PicturesField(
        label="现场拍照",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text="手机上直接打开相机。",
    )
    pictures = PicturesField(
        label="已有照片",
        required=False,
        widget=PicturesInput(attrs={"accept": ACCEPT_PICTURES, "multiple": True}),
    )
    place = forms.CharField(label="地点", max_length=120, required=False)
    people = forms.CharField(label="参加人员", max_length=200, required=False)

    @property
    def prepared(self) -> list:
        """Every photo of the form, wherever it came from."""
        return [*self.cleaned_data["photo"], *self.cleaned_data["pictures"]]
