"""Exits 0 when the database and the cache of the settings both answer; says what does not."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
import redis

from config import env


def main() -> int:
    """Tries both."""
    try:
        psycopg.connect(env.text("ZHIHENG_DATABASE_URL"), connect_timeout=3).close()
        redis.Redis.from_url(env.text("ZHIHENG_REDIS_URL"), socket_connect_timeout=3).ping()
    except (psycopg.Error, redis.RedisError) as error:
        print(f"== PostgreSQL and Redis do not both answer here, no second run: {error} ==")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
