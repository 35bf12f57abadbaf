"""Orders (订单): services asked for or planned, worked by the same people on the same engine.

An order has a price fixed when it is placed, a window in which it may begin, people booked for it by the planner, and
evidence that somebody was there. When its time comes it opens a case like an alarm's; what becomes of the case moves
the order. A meal or visit that nobody brought is looked after like an alarm.
"""
