"""A mail server of the other side."""

import asyncio
import email
import email.policy


class MailServer:
    """A server of the other side: keeps what it takes, and says what it is told to say."""

    def __init__(self):
        self.taken, self.answer, self.url, self.busy = [], "250 ok", "", set()

    async def came(self):
        """A letter is here, and its sender does not know yet."""

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.url = f"smtp://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        def say(text):
            writer.write(f"{text}\r\n".encode())

        say("220 here")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(":")[0].split(" ")[0].upper()
            if verb == "DATA" and self.answer.startswith("250"):
                say("354 go on")
                lines = []
                while (more := await reader.readline()) != b".\r\n":
                    lines.append(more)
                self.taken.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                await self.came()
                say("250 ok")
            elif verb == "QUIT":
                say("221 bye")
                break
            else:
                say(self.answer if verb == "RCPT" else "250 ok")
            await writer.drain()
        writer.close()
