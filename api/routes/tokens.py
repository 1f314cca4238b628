"""API tokens of one's own: made, listed, revoked."""

from datetime import timedelta

from sqlalchemy import select

from api.auth.secrets import TOKEN_PREFIX, hash_token, new_token
from api.deps import Reading, SelfService
from api.errors import forbidden, not_found
from api.once import new_router
from api.schemas.organisation import NewTokenOut, TokenIn, TokenOut
from api.store.models import ApiToken, new_id

router = new_router("/tokens", tag="session")


@router.get("")
def list_tokens(ctx: Reading) -> list[TokenOut]:
    """One's own tokens, also those revoked."""
    rows = ctx.session.scalars(
        select(ApiToken).where(ApiToken.user_id == ctx.actor.user_id).order_by(ApiToken.created_at, ApiToken.id)
    )
    return [TokenOut.model_validate(row) for row in rows]


@router.post("", status_code=201)
def make_token(body: TokenIn, ctx: SelfService) -> NewTokenOut:
    """A new token; its secret is in this answer only. A token cannot make tokens."""
    if ctx.actor.token_id is not None:
        raise forbidden("A token cannot make another token. Sign in for this.")
    secret = new_token(TOKEN_PREFIX)
    token = ApiToken(
        id=new_id(),
        token_hash=hash_token(secret),
        user_id=ctx.actor.user_id,
        name=body.name,
        scopes=[str(scope) for scope in body.scopes],
        created_at=ctx.now,
        expires_at=ctx.now + timedelta(days=body.days) if body.days else None,
    )
    ctx.session.add(token)
    ctx.session.flush()
    ctx.audit("create", "token", token.id, after={"name": token.name, "scopes": token.scopes})
    return NewTokenOut(token=TokenOut.model_validate(token), secret=secret)


@router.post("/{token_id}/revoke")
def revoke_token(token_id: str, ctx: SelfService) -> TokenOut:
    """End a token of one's own."""
    token = ctx.session.scalar(select(ApiToken).where(ApiToken.id == token_id, ApiToken.user_id == ctx.actor.user_id))
    if token is None:
        raise not_found("token")
    if token.revoked_at is None:
        token.revoked_at = ctx.now
        ctx.audit("revoke", "token", token.id)
    return TokenOut.model_validate(token)
