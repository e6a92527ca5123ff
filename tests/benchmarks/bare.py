"""The same answers asked by hand (裸 SQL): the least a page can cost on this database, to hold its time against."""

import time
from statistics import median

from django.db import connection

# {name of a page: its answer as statements}; the words that come from the day are filled in below
BARE = {
    "总览": (
        # plan, investment and starts of every list and department
        """
        SELECT l.annual_list_id, p.lead_department_id, COUNT(*), SUM(v.planned_investment),
            SUM(p.total_investment), SUM(CASE WHEN p.started_on <= '{day}' THEN 1 ELSE 0 END),
            SUM((SELECT r.invested_this_year FROM projects_progressreport r
                WHERE r.project_id = p.id AND r.state = 'confirmed' AND r.counts_from_on <= '{day}'
                    AND r.period_ends_on BETWEEN '{year}-01-01' AND '{year}-12-31'
                ORDER BY r.period_ends_on DESC LIMIT 1))
        FROM projects_listingversion v
            JOIN projects_listing l ON l.id = v.listing_id
            JOIN projects_annuallist a ON a.id = l.annual_list_id
            JOIN projects_project p ON p.id = l.project_id
        WHERE a.year = {year} GROUP BY 1, 2""",
        # the year's line
        """
        SELECT period_ends_on, SUM(invested_this_year - COALESCE(earlier, 0)) FROM (
            SELECT period_ends_on, invested_this_year,
                LAG(invested_this_year) OVER (PARTITION BY project_id ORDER BY period_ends_on) AS earlier
            FROM projects_progressreport
            WHERE state = 'confirmed' AND counts_from_on <= '{day}'
                AND period_ends_on BETWEEN '{year}-01-01' AND '{year}-12-31'
                AND project_id IN (SELECT project_id FROM projects_listing)) AS steps GROUP BY 1""",
        # overdue by unit
        """
        SELECT m.unit_id, COUNT(*) FROM projects_milestone m
            JOIN projects_deliveryplan d ON d.id = m.plan_id AND d.state = 'approved'
        WHERE m.due_on < '{day}' AND (m.achieved_on IS NULL OR m.achieved_on > '{day}') GROUP BY 1""",
    ),
    "台账，第1页": (
        "SELECT COUNT(*), SUM(total_investment) FROM projects_project",
        """
        SELECT p.*, (SELECT r.invested_this_year FROM projects_progressreport r
                WHERE r.project_id = p.id AND r.state = 'confirmed' AND r.counts_from_on <= '{day}'
                ORDER BY r.period_ends_on DESC LIMIT 1),
            (SELECT v.planned_investment FROM projects_listing l
                JOIN projects_listingversion v ON v.listing_id = l.id WHERE l.project_id = p.id LIMIT 1)
        FROM projects_project p ORDER BY p.code LIMIT 50""",
    ),
}


def bare_milliseconds(page: str, *, day: str, rounds: int) -> float | None:
    """Median time of a page's answer by hand, all rows fetched; None where nobody wrote it."""
    if page not in BARE:
        return None
    took = []
    for _round in range(rounds + 1):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            for statement in BARE[page]:
                cursor.execute(statement.format(day=day, year=day[:4]))
                cursor.fetchall()
        took.append((time.perf_counter() - began) * 1000)
    return median(took[1:])
