"""The manager's console: data, planning, plans, territories, calendar, approval, supervision."""
