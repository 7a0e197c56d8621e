import json

from cohere import AsyncClientV2
from cohere.core import ApiError

from kit import Ask, Client, Json, Said, Tool, run_tool


class CohereChat(Client):
    """The `cohere` package, its second API."""

    name = "python cohere"
    wire = "cohere-chat"
    shows_thinking = True
    keeps_thoughts = True
    kinds = {
        "400": "BadRequestError",
        "401": "UnauthorizedError",
        "404": "NotFoundError",
        "429": "TooManyRequestsError",
        "500": "InternalServerError",
    }

    def __init__(self, base: str, key: str) -> None:
        self.client = AsyncClientV2(api_key=key, base_url=base, max_retries=0)

    def body(self, ask: Ask) -> Json:
        system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
        body: Json = {"model": ask.model, "messages": [*system, {"role": "user", "content": ask.prompt}]}
        return {**body, "thinking": {"type": "enabled", "token_budget": 2000}} if ask.think else body

    async def complete(self, body: Json, ask: Ask) -> tuple[Said, Json]:
        """What was said, and the message to send back."""
        if not ask.stream:
            answer = await self.client.chat(**body)
            return self.said(answer.message.dict(), answer.usage), answer.message.dict()
        parts: dict[int, Json] = {}
        calls: dict[int, Json] = {}
        usage = ended = None
        async for event in self.client.chat_stream(**body):
            if event.type == "content-start":
                parts[event.index] = event.delta.message.content.dict()
            elif event.type == "content-delta":
                for name, piece in event.delta.message.content.dict().items():
                    if piece:
                        parts[event.index][name] = (parts[event.index].get(name) or "") + piece
                        if name == "text":
                            ask.on_text(piece)
            elif event.type == "tool-call-start":
                calls[event.index] = event.delta.message.tool_calls.dict()
            elif event.type == "tool-call-delta":
                calls[event.index]["function"]["arguments"] += event.delta.message.tool_calls.function.arguments
            elif event.type == "message-end":
                ended, usage = True, event.delta.usage
                # How Cohere says that a stream broke.
                if event.delta.error:
                    raise RuntimeError(event.delta.error)
        if not ended:
            raise RuntimeError("the stream ended before its end")
        message = {"role": "assistant", "content": list(parts.values()), "tool_calls": list(calls.values()) or None}
        return self.said(message, usage), message

    def said(self, message: Json, usage) -> Said:
        text = "".join(part.get("text") or "" for part in message.get("content") or [])
        thinking = "".join(part.get("thinking") or "" for part in message.get("content") or [])
        tokens = usage and usage.tokens
        return Said(text, tokens and int(tokens.input_tokens), tokens and int(tokens.output_tokens), thinking)

    async def ask(self, ask: Ask) -> Said:
        return (await self.complete(self.body(ask), ask))[0]

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        body = self.body(ask)
        body["tools"] = [
            {"type": "function", "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema}}
            for tool in tools
        ]
        calls: list[Json] = []
        while True:
            said, message = await self.complete(body, ask)
            if not message.get("tool_calls"):
                said.calls = calls
                return said
            body["messages"].append(message)
            for call in message["tool_calls"]:
                made = call["function"]
                content = await run_tool(tools, made["name"], made["arguments"], calls)
                body["messages"].append({"role": "tool", "tool_call_id": call["id"], "content": content})

    async def structured(self, ask: Ask, shape):
        schema = {"type": "json_object", "json_schema": shape.model_json_schema()}
        said, _ = await self.complete({**self.body(ask), "response_format": schema}, ask)
        return shape.model_validate(json.loads(said.text))

    def problem(self, error: Exception) -> Json:
        if not isinstance(error, ApiError):
            return {"message": str(error)}
        return {"status": error.status_code, "message": str(error), "requestId": (error.headers or {}).get("x-request-id")}
