from openai import AsyncOpenAI
from openai.types.chat import ChatCompletion

from kit import Ask, Client, Json, Said, Tool, run_tool


class OpenAiChat(Client):
    """The `openai` package, Chat Completions."""

    name = "python openai: chat"
    wire = "openai-chat"
    shows_thinking = True
    keeps_thoughts = True

    def __init__(self, base: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0)

    def body(self, ask: Ask) -> Json:
        system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
        body: Json = {"model": ask.model, "messages": [*system, {"role": "user", "content": ask.prompt}]}
        return {**body, "reasoning_effort": "medium"} if ask.think else body

    async def complete(self, body: Json, ask: Ask) -> ChatCompletion:
        if not ask.stream:
            return await self.client.chat.completions.create(**body)
        async with self.client.chat.completions.stream(**body, stream_options={"include_usage": True}) as events:
            async for event in events:
                if event.type == "content.delta":
                    ask.on_text(event.delta)
            return await events.get_final_completion()

    def said(self, answer: ChatCompletion, calls: list[Json]) -> Said:
        message, usage = answer.choices[0].message, answer.usage
        # Not in its types, and there all the same.
        thinking = getattr(message, "reasoning_content", None) or ""
        return Said(message.content or "", usage and usage.prompt_tokens, usage and usage.completion_tokens, thinking, calls)

    async def ask(self, ask: Ask) -> Said:
        return self.said(await self.complete(self.body(ask), ask), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        body = self.body(ask)
        body["tools"] = [
            {"type": "function", "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema}}
            for tool in tools
        ]
        calls: list[Json] = []
        while True:
            answer = await self.complete(body, ask)
            message = answer.choices[0].message
            if not message.tool_calls:
                return self.said(answer, calls)
            body["messages"].append(message.to_dict())
            for call in message.tool_calls:
                content = await run_tool(tools, call.function.name, call.function.arguments, calls)
                body["messages"].append({"role": "tool", "tool_call_id": call.id, "content": content})

    async def structured(self, ask: Ask, shape):
        if not ask.stream:
            return (await self.client.chat.completions.parse(**self.body(ask), response_format=shape)).choices[0].message.parsed
        return (await self.complete({**self.body(ask), "response_format": shape}, ask)).choices[0].message.parsed
