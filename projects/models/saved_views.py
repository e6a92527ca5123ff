"""A person's own views of the lists (我的视图)."""

from django.db import models
from django.db.models import Q

from .organizations import User


class SavedView(models.Model):
    """Filters and order of a list page kept under a name (我的视图), for its owner alone.

    A bookmark, not a record of the office: no audit row. `page` is the list's URL name, `query` what stands behind
    the question mark.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="saved_views", verbose_name="所有人")
    page = models.CharField("列表", max_length=60)
    name = models.CharField("名称", max_length=40)
    query = models.TextField("筛选与排序", max_length=2000, blank=True)
    is_active = models.BooleanField("在用", default=True)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "我的视图"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                condition=Q(is_active=True),
                name="one_saved_view_a_name",
                violation_error_message="已有同名视图。",
            )
        ]

    def __str__(self) -> str:
        return self.name
