"""Vocabulary of the made-up businesses: brands, names, hours, notes. Nothing here is a real firm or person."""

HYPER_BRANDS = ("Hiper Elqui", "Maxi Pacífico", "Hiper Norte Grande", "Mayorista Del Valle")
CHAIN_BRANDS = ("Súper Andino", "Mercado Faro", "Súper Papaya", "Ahorro Norte", "Unisúper", "La Cosecha")
PHARMACY_BRANDS = ("Farmacia Elqui", "Farmacia Bahía", "Farmacia del Faro", "Farmacia Salud Norte", "Farmacia Vecina")
CONVENIENCE_HEADS = ("Minimarket", "Almacén", "Provisiones", "Despensa", "Botillería", "Panadería", "Market")
CONVENIENCE_TAILS = (
    "La Esquina", "Doña Rosa", "Don Lucho", "El Sol", "La Portada", "Los Papayos", "El Trébol", "La Estrella",
    "Santa Inés", "San Pedro", "El Molino", "La Palmera", "Nuevo Amanecer", "El Vecino", "La Colmena", "Los Hermanos",
    "El Progreso", "La Parada", "Mi Barrio", "El Ancla", "La Pampa", "Costa Azul", "El Olivo", "Las Tres Marías",
    "El Cóndor", "La Ponderosa", "Punto Norte", "El Manantial", "La Ramada", "Buen Día",
)  # fmt: skip
HORECA_HEADS = (
    "Restaurante", "Marisquería", "Café", "Picada", "Parrilla", "Cocinería", "Hostería", "Pizzería", "Sanguchería",
)  # fmt: skip
HORECA_TAILS = (
    "El Faro", "Puerto Viejo", "La Caleta", "Mar y Valle", "Los Arcos", "La Recova Chica", "Cielo Claro", "El Muelle",
    "Don Quijote del Norte", "La Herradura Azul", "Valle Sol", "Brisas", "La Terraza", "El Galeón", "Patio Serena",
    "Tres Olas", "La Carreta", "El Observatorio", "Casa Lúcumo", "Sabor Limarí", "La Ostra", "El Churrasco Feliz",
    "Rincón Diaguita", "Altamar",
)  # fmt: skip

HOURS = {
    "hypermarket": (("08:00-20:00", 3), ("Mo-Su 08:30-21:30", 2), ("07:30-12:30;14:00-18:00", 1)),
    "chain_store": (("08:30-20:00", 4), ("09:00-19:30", 2), ("Mo-Fr 09:00-19:00; Sa 09:00-14:00", 2), ("", 1)),
    "convenience": (("08:30-13:00;15:00-19:00", 4), ("09:00-21:00", 3), ("", 2), ("09:00-13:30;15:30-20:00", 2)),
    "pharmacy": (("09:00-20:00", 3), ("09:00-13:00;15:00-19:00", 2), ("Mo-Fr 09:00-19:00; Sa 10:00-14:00", 2)),
    "horeca": (("10:00-12:30;15:30-18:30", 4), ("09:30-12:00;15:00-18:00", 2), ("Tu-Sa 10:00-13:00,15:30-18:00", 1)),
}
"""Channel -> hours in which a rep is received, with weights; empty means any time."""

POSTS = {
    "hypermarket": ("Jefatura de abarrotes", "head of grocery"),
    "chain_store": ("Administración de local", "store manager"),
    "convenience": ("Encargo de compras", "owner"),
    "pharmacy": ("Dirección técnica", "pharmacist in charge"),
    "horeca": ("Cocina", "kitchen manager"),
}
"""Channel -> role named as contact, and post."""

PURPOSES = {
    "hypermarket": "Revisar góndola y stock; negociar exhibición; pedido",
    "chain_store": "Revisar góndola y precios; pedido",
    "convenience": "Tomar pedido; cobrar; material de punto de venta",
    "pharmacy": "Presentar novedades; pedido",
    "horeca": "Pedido; degustación para la carta",
}
CLOSED_NOTES = (
    "Cerrado por remodelación",
    "Cerrado definitivamente",
    "Cambió de giro",
    "Se trasladó fuera de la región",
)

LOCALITIES = (
    ("La Serena centro", -29.903, -71.251), ("Las Compañías, La Serena", -29.876, -71.240),
    ("La Antena, La Serena", -29.922, -71.212), ("La Pampa, La Serena", -29.930, -71.256),
    ("Cerro Grande, La Serena", -29.940, -71.240), ("Avenida del Mar, La Serena", -29.922, -71.272),
    ("Caleta San Pedro, La Serena", -29.875, -71.271), ("Coquimbo centro", -29.955, -71.339),
    ("Parte Alta, Coquimbo", -29.960, -71.347), ("La Herradura, Coquimbo", -29.982, -71.345),
    ("San Juan, Coquimbo", -29.972, -71.331), ("El Llano, Coquimbo", -29.968, -71.325),
    ("Peñuelas, Coquimbo", -29.952, -71.285), ("Sindempart, Coquimbo", -29.970, -71.300),
    ("Tierras Blancas, Coquimbo", -29.967, -71.250), ("Punta Mira, Coquimbo", -29.995, -71.322),
    ("Pan de Azúcar, Coquimbo", -30.030, -71.240),
)  # fmt: skip
"""Neighbourhoods by a rough centre (lat, lon); a customer's address names the nearest one, borders are not exact."""
