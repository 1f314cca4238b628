"""Customers, territories and routes of a project as OGC API – Features collections, so that a GIS opens them live.

Source: OGC 17-069r4, *OGC API – Features – Part 1: Core*; conformance classes core, oas30 and geojson.
"""
