from anthropic import AsyncAnthropic
from anthropic.types import Message

from kit import Ask, Client, Json, Said, Tool, openai_problem, run_tool


class AnthropicMessages(Client):
    """The `anthropic` package."""

    name = "python anthropic"
    wire = "anthropic-messages"
    shows_thinking = True
    keeps_thoughts = True

    def __init__(self, base: str, key: str) -> None:
        self.client = AsyncAnthropic(base_url=base, api_key=key, max_retries=0)

    def body(self, ask: Ask) -> Json:
        return {
            "model": ask.model,
            "max_tokens": 4000,
            "messages": [{"role": "user", "content": ask.prompt}],
            **({} if ask.system is None else {"system": ask.system}),
            **({"thinking": {"type": "enabled", "budget_tokens": 2000}} if ask.think else {}),
        }

    async def complete(self, body: Json, ask: Ask) -> Message:
        if not ask.stream:
            return await self.client.messages.create(**body)
        async with self.client.messages.stream(**body) as events:
            async for text in events.text_stream:
                ask.on_text(text)
            return await events.get_final_message()

    def said(self, answer: Message, calls: list[Json]) -> Said:
        text = "".join(block.text for block in answer.content if block.type == "text")
        thinking = "\n".join(block.thinking for block in answer.content if block.type == "thinking")
        usage = answer.usage
        # Anthropic counts what the cache gave apart.
        cached = (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)
        return Said(text, usage.input_tokens + cached, usage.output_tokens, thinking, calls)

    async def ask(self, ask: Ask) -> Said:
        return self.said(await self.complete(self.body(ask), ask), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        body = self.body(ask)
        body["tools"] = [{"name": tool.name, "description": tool.description, "input_schema": tool.schema} for tool in tools]
        calls: list[Json] = []
        while True:
            answer = await self.complete(body, ask)
            if answer.stop_reason != "tool_use":
                return self.said(answer, calls)
            results = [
                {"type": "tool_result", "tool_use_id": block.id, "content": await run_tool(tools, block.name, block.input, calls)}
                for block in answer.content
                if block.type == "tool_use"
            ]
            body["messages"] += [{"role": "assistant", "content": answer.content}, {"role": "user", "content": results}]

    async def structured(self, ask: Ask, shape):
        if not ask.stream:
            return (await self.client.messages.parse(**self.body(ask), output_format=shape)).parsed_output
        return (await self.complete({**self.body(ask), "output_format": shape}, ask)).parsed_output

    def problem(self, error: Exception) -> Json:
        found = openai_problem(error)
        body = getattr(error, "body", None)
        inside = body.get("error") if isinstance(body, dict) else None
        return {**found, "type": inside.get("type") if isinstance(inside, dict) else None}
