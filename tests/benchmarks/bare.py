"""The same answers asked by hand (裸 SQL): the least a page can cost on this database, to hold its time against.

Written as a person who knows the tables would: joins, the year's amounts, no rule that the benchmark's plain ledger
does not need (packages, lists adjusted within the year).
"""

import time
from statistics import median

from django.db import connection

_POPULATION = """
    FROM projects_listingversion v
        JOIN projects_listing l ON l.id = v.listing_id
        JOIN projects_annuallist a ON a.id = l.annual_list_id
        JOIN projects_project p ON p.id = l.project_id
        LEFT JOIN projects_yearamounts y ON y.project_id = p.id AND y.year = {year}
    WHERE a.year = {year} AND v.effective_on <= '{day}' {narrowed}"""
_OVERVIEW = (
    # plan, investment and starts of every list and department
    f"""
    SELECT l.annual_list_id, p.lead_department_id, COUNT(*), SUM(v.planned_investment), SUM(p.total_investment),
        SUM(CASE WHEN p.started_on <= '{{day}}' THEN 1 ELSE 0 END), SUM(y.{{column}})
    {_POPULATION} GROUP BY 1, 2""",
    # the year's line
    f"""
    SELECT {", ".join(f"SUM(y.by_{number:02d})" for number in range(1, 37))} {_POPULATION}""",
    # what is overdue by unit, and what each project's light is judged by
    """
    SELECT m.unit_id, COUNT(*) FROM projects_milestone m
        JOIN projects_deliveryplan d ON d.id = m.plan_id AND d.state = 'approved'
    WHERE m.due_on < '{day}' AND (m.achieved_on IS NULL OR m.achieved_on > '{day}') GROUP BY 1""",
    """
    SELECT d.project_id, COUNT(*) FROM projects_milestone m
        JOIN projects_deliveryplan d ON d.id = m.plan_id AND d.state = 'approved'
    WHERE m.due_on <= '{day}' GROUP BY 1""",
    """
    SELECT project_id, MIN(due_on) FROM projects_problem
    WHERE raised_on <= '{day}' AND (resolved_on IS NULL OR resolved_on > '{day}') GROUP BY 1""",
    f"""
    SELECT p.id, p.started_on, p.entered_statistics_on, p.in_production_on, v.planned_investment, y.{{column}}
    {_POPULATION}""",
)
_SUMS = "SELECT COUNT(*), SUM(p.total_investment), SUM(y.{column}) FROM projects_project p" + (
    " LEFT JOIN projects_yearamounts y ON y.project_id = p.id AND y.year = {year} WHERE {condition}"
)
_ROWS = """
    SELECT p.*, y.{column}, v.planned_investment FROM (
        SELECT * FROM projects_project p WHERE {condition} ORDER BY code LIMIT 50 OFFSET {offset}) AS p
    LEFT JOIN projects_yearamounts y ON y.project_id = p.id AND y.year = {year}
    LEFT JOIN projects_listing l ON l.project_id = p.id
    LEFT JOIN projects_listingversion v ON v.listing_id = l.id ORDER BY p.code"""
_LEDGER = (_SUMS, _ROWS)
_PROJECT = (
    "SELECT * FROM projects_project p WHERE {condition}",
    "SELECT m.* FROM projects_milestone m JOIN projects_deliveryplan d ON d.id = m.plan_id"
    " JOIN projects_project p ON p.id = d.project_id WHERE {condition}",
    "SELECT r.* FROM projects_progressreport r JOIN projects_project p ON p.id = r.project_id WHERE {condition}",
)
BARE = {"总览": _OVERVIEW, "台账": _LEDGER, "项目页": _PROJECT, "figures": _OVERVIEW[:1] + _OVERVIEW[2:]}
DEFAULTS = {"narrowed": "", "condition": "1 = 1", "offset": 0}


def bare_milliseconds(answer: str, *, rounds: int, **words) -> float:
    """Median time of an answer of BARE by hand, all rows fetched; `words` fill its statements."""
    statements = [statement.format(**DEFAULTS | words) for statement in BARE[answer]]
    took = []
    for _round in range(rounds + 1):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                cursor.fetchall()
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])
