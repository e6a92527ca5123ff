"""Documents and letters (周报、公文、邮件): built from plain content, never from the database while they are drawn."""
