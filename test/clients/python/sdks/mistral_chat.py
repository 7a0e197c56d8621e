from mistralai.client import Mistral, errors, models
from mistralai.client.utils import RetryConfig

from kit import Ask, Client, Json, Said, Tool, run_tool


class MistralChat(Client):
    """The `mistralai` package."""

    name = "python mistral"
    wire = "openai-chat"
    miscounts = "OpenAI counts a stream for who asks, Mistral for everybody, and so it has no way to ask"
    kinds = {"*": "SDKError"}

    def __init__(self, base: str, key: str) -> None:
        self.client = Mistral(server_url=base, api_key=key, retry_config=RetryConfig("none", None, False))

    def body(self, ask: Ask) -> Json:
        system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
        body: Json = {"model": ask.model, "messages": [*system, {"role": "user", "content": ask.prompt}]}
        return {**body, "reasoning_effort": "high"} if ask.think else body

    async def complete(self, body: Json, ask: Ask) -> tuple[Said, list[models.ToolCall]]:
        if not ask.stream:
            answer = await self.client.chat.complete_async(**body)
            message, usage = answer.choices[0].message, answer.usage
            return Said(message.content or "", usage.prompt_tokens, usage.completion_tokens), message.tool_calls or []
        said, made = Said("", None, None), []
        async with await self.client.chat.stream_async(**body) as events:
            async for event in events:
                for choice in event.data.choices:
                    made += choice.delta.tool_calls or []
                    if choice.delta.content:
                        said.text += choice.delta.content
                        ask.on_text(choice.delta.content)
        return said, made

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
            said, made = await self.complete(body, ask)
            if not made:
                said.calls = calls
                return said
            body["messages"].append({"role": "assistant", "content": said.text, "tool_calls": made})
            for call in made:
                content = await run_tool(tools, call.function.name, call.function.arguments, calls)
                body["messages"].append({"role": "tool", "tool_call_id": call.id, "name": call.function.name, "content": content})

    async def structured(self, ask: Ask, shape):
        if not ask.stream:
            return (await self.client.chat.parse_async(shape, **self.body(ask))).choices[0].message.parsed
        schema = {"name": "answer", "schema": shape.model_json_schema(), "strict": True}
        body = {**self.body(ask), "response_format": {"type": "json_schema", "json_schema": schema}}
        return shape.model_validate_json((await self.complete(body, ask))[0].text)

    def problem(self, error: Exception) -> Json:
        if not isinstance(error, errors.MistralError):
            return {"message": str(error)}
        return {"status": error.status_code, "message": str(error), "requestId": error.headers.get("x-request-id")}
