"""The health check of a container: `python -m shop_kit.healthcheck` ends with 0 while the service within is ready.

It asks for `/health` on the port that every image listens on.
"""

import http.client
import sys

PORT = 8000
SECONDS = 2.5


def main(port: int = PORT) -> int:
    """0 if the service answers 200, else 1, with the reason on standard error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        if answer.status == 200:
            return 0
        sys.stderr.write(f"{answer.status}: {answer.read(1000).decode(errors='replace')}\n")
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        connection.close()
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
