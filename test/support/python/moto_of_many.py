"""moto, with a bucket that holds as many empty objects as is said: 50,000 puts by HTTP take minutes."""

import sys

from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.s3.models import s3_backends

port, bucket, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
backend = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
backend.create_bucket(bucket, "us-east-1")
for number in range(count):
    backend.put_object(bucket, f"many/checkpoint-{number:06}.pt", b"")
server = ThreadedMotoServer("127.0.0.1", port, verbose=False)
server.start()
print("ready", flush=True)
sys.stdin.read()
