"""An IMAP server of the other side, with one folder: as much of RFC 3501 as reading what is unseen needs."""

import asyncio
import re


class MailboxServer:
    def __init__(self, *messages):
        self.messages = dict(enumerate(messages, start=1))
        self.seen, self.said, self.password, self.url = set(), [], "sesame", ""
        self.cut_at = ""
        """A command at which the connection is cut."""

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.url = f"imap://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()

    async def serve(self, reader, writer):
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).decode().strip():
            tag, _, command = line.partition(" ")
            self.said.append(re.sub(r"^LOGIN.*", "LOGIN", command))
            if self.cut_at and self.cut_at in command:
                break
            answer, status = self.answered(command)
            writer.write(answer + f"{tag} {status} that is all\r\n".encode())
            await writer.drain()
            if command == "LOGOUT":
                break
        writer.close()

    def answered(self, command):
        uid = int(found[1]) if (found := re.match(r"UID (?:FETCH|STORE) ([0-9]+)", command)) else 0
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n", "OK"
        if command.startswith("LOGIN"):
            return b"", "OK" if f'"{self.password}"' in command else "NO wrong"
        if command.startswith("SELECT"):
            return f"* {len(self.messages)} EXISTS\r\n".encode(), "OK" if "INBOX" in command else "NO no such folder"
        if command.startswith("UID SEARCH"):
            unseen = " ".join(str(one) for one in self.messages if one not in self.seen)
            return f"* SEARCH {unseen}\r\n".encode(), "OK"
        if "RFC822.SIZE" in command:
            return f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(self.messages[uid])})\r\n".encode(), "OK"
        if "BODY.PEEK[]" in command:
            body = self.messages[uid]
            head = f"* {uid} FETCH (UID {uid} BODY[] {{{len(body)}}}\r\n".encode()
            return head + body + b")\r\n", "OK"
        if command.startswith("UID STORE"):
            self.seen.add(uid)
        return b"", "OK"
