"""Addresses (网址) of the product; contract.md §3 fixes the outer ones."""


urlpatterns: list = [
    # desk and dashboard
    # projects
    # reports and weekly reports
    # milestones, problems, visits, attachments
    # imports
    # alerts and notices
    # help and health
]
