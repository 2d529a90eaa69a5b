"""A TCP proxy on loopback that makes a far server out of a near one, for `make bench`.

    python3 proxy.py HOST:PORT DELAY_MS        prints its own port, then serves until it is killed

Every byte takes DELAY_MS in each direction, and a new connection costs the round trip that TCP's handshake would.
SIGUSR1 prints the number of connections since the last SIGUSR1.
"""
import asyncio
import signal
import sys


async def pump(reader, writer, delay):
    """Copies with a delay, keeping the rate: what waits is a queue and not the reader."""
    loop = asyncio.get_running_loop()
    queue = asyncio.Queue()

    async def deliver():
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if not data:
                break
            writer.write(data)
            await writer.drain()
        writer.close()

    task = asyncio.create_task(deliver())
    try:
        while True:
            data = await reader.read(65536)
            queue.put_nowait((loop.time() + delay, data))
            if not data:
                break
    except ConnectionError:
        queue.put_nowait((loop.time() + delay, b""))
    await task


async def main(target, delay):
    host, port = target.rsplit(":", 1)
    count = 0

    async def serve(reader, writer):
        nonlocal count
        count += 1
        await asyncio.sleep(2 * delay)
        try:
            far_reader, far_writer = await asyncio.open_connection(host, int(port))
            await asyncio.gather(pump(reader, far_writer, delay), pump(far_reader, writer, delay))
        except ConnectionError:
            writer.close()

    def report():
        nonlocal count
        print(count, flush=True)
        count = 0

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, report)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main(sys.argv[1], float(sys.argv[2]) / 1000))
