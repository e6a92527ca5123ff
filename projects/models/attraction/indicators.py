"""Yearly indicators beside the projects (招商等指标): target, cumulative values, share of the city."""

from django.db import models

from ..organizations import User


class Indicator(models.Model):
    """An indicator of a year (指标), e.g. 省外到位资金 in 亿元; values are in its own unit."""

    name = models.CharField("指标名称", max_length=80)
    year = models.PositiveSmallIntegerField("年度")
    unit = models.CharField("计量单位", max_length=20)
    target = models.DecimalField(
        "年度任务", max_digits=16, decimal_places=2, null=True, blank=True, help_text="未下达任务的不填。"
    )
    position = models.PositiveSmallIntegerField("排序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["-year", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "year"],
                name="one_indicator_a_year",
                violation_error_message="该年度指标已存在。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year}年{self.name}"


class IndicatorValue(models.Model):
    """The cumulative value of an indicator on a day (累计完成), with last year's of that day and the city's where known."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="values", verbose_name="指标")
    as_of_on = models.DateField("截至日期")
    value = models.DecimalField("累计完成", max_digits=16, decimal_places=2)
    city_total = models.DecimalField("全市总量", max_digits=16, decimal_places=2, null=True, blank=True)
    last_year = models.DecimalField("上年同期", max_digits=16, decimal_places=2, null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, editable=False, related_name="+", verbose_name="登记人"
    )
    made_at = models.DateTimeField("登记时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "指标进度"
        ordering = ["indicator", "as_of_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "as_of_on"],
                name="one_indicator_value_a_day",
                violation_error_message="该日期已有数值。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.as_of_on}"
