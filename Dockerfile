# The service in one image:   docker build -t rounds .   docker run -p 8000:8000 -v rounds:/data rounds
FROM python:3.12-slim AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY routing routing
COPY territories territories
COPY api api
COPY data data
RUN python -m venv /opt/rounds \
 && /opt/rounds/bin/pip install --no-cache-dir --constraint constraints.txt '.[chinese,dask,oidc,roads]'

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 rounds && mkdir /data && chown rounds /data
COPY --from=build /opt/rounds /opt/rounds
ENV PATH=/opt/rounds/bin:$PATH \
    ROUNDS_DATABASE_URL=sqlite:////data/rounds.db \
    OPENBLAS_NUM_THREADS=1 \
    NUMBA_CACHE_DIR=/tmp/numba
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["rounds"]
CMD ["serve", "--host", "0.0.0.0"]
