# Deskbell as a container: its wheels are built apart, so that the image holds no compiler, no pip cache and no sources.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS wheels
WORKDIR /source
# Of what the build itself needs, too, only what is pinned is taken.
ENV PIP_CONSTRAINT=/source/constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY constraints.txt pyproject.toml README.md LICENSE manifest.yml ./
COPY bot bot
COPY handlers handlers
COPY storage storage
RUN python -m pip wheel --wheel-dir /wheels .

FROM python:${PYTHON}-slim
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir --disable-pip-version-check --no-index --find-links /wheels deskbell \
 && useradd --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin deskbell
USER 10001
WORKDIR /data
VOLUME /data
ENV DESKBELL_DATABASE_URL=sqlite:////data/deskbell.db DESKBELL_HOST=0.0.0.0 DESKBELL_PORT=8700 DESKBELL_LOG_FORMAT=json
EXPOSE 8700
# Whether the process lives. Whether it can serve is asked at /ready, by whoever sends it requests.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://127.0.0.1:' + os.environ['DESKBELL_PORT'] + '/health', timeout=4)"]
ENTRYPOINT ["deskbell"]
CMD ["run"]
