"""Visits as reps make them: reports, what they leave behind, the day with cards and kit, free slots, calendar feeds.

What others read: :func:`api.visits.follow_ups.open_follow_ups`, :func:`api.visits.bookings.bookings_of` and
:func:`api.visits.bookings.with_appointments`.
"""
