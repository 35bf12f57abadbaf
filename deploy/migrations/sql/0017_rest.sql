-- The watch sees waits of orders that nobody has worked.
GRANT SELECT ON dispatch.order_wait TO yl_watch;
