"""The outermost room: command line, service and pages."""
