"""Whether the service is well; answers without signing in."""

from fastapi import APIRouter
from sqlalchemy import text

from api.deps import ServiceDep
from api.schemas.common import Schema
from api.store.migrate import schema_version

router = APIRouter(tags=["service"])


class Health(Schema):
    """The service answers and reaches its database."""

    status: str
    version: str
    database: str
    schema_version: str | None


@router.get("/health")
def health(service: ServiceDep) -> Health:
    """Whether the service answers and reaches its database."""
    from importlib.metadata import version

    with service.store.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        kind = connection.dialect.name
        schema = schema_version(connection)
    return Health(status="ok", version=version("rounds"), database=kind, schema_version=schema)
