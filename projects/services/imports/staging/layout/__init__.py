"""How a sheet is laid out (版式): its head, its tables, what each row is, the totals it declares."""
