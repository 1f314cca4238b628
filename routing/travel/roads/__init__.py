"""Travel on real roads, computed here from an OpenStreetMap extract.

::

    extract     reads the .osm.pbf: ways, junction nodes, turn restrictions           (osmium)
    profiles    what a car, scooter, bicycle, pedestrian may use, and how fast        access, speeds
    network     arcs with length, speed, name, geometry; largest connected part
    turns       arcs become vertices, turns become edges with costs and restrictions
    via_ways    restrictions over whole ways: arcs that are there twice
    weights     one float that carries private entries, time and metres
    hierarchy   customisable contraction hierarchy: prepared once, re-weighted in a moment
    tables      many-to-many over the hierarchy      chains      single ways over it
    engines     hierarchy or scipy's Dijkstra: the same results
    grid        finds the nearest street              snapping   places to arcs
    search      matrices and ways between places
    paths       legs with geometry and street names  reach       isochrones
    conditions  closures, no-go areas, rush hours    store       the prepared network on disk
    provider    all of it behind the travel Protocol
"""
