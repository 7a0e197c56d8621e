from openai import AsyncOpenAI
from openai.types.responses import Response

from kit import Ask, Client, Json, Said, Tool, run_tool


class OpenAiResponses(Client):
    """The `openai` package, Responses."""

    name = "python openai: responses"
    wire = "openai-responses"
    shows_thinking = True
    keeps_thoughts = True

    def __init__(self, base: str, key: str) -> None:
        self.client = AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0)

    def body(self, ask: Ask) -> Json:
        return {
            "model": ask.model,
            "input": [{"role": "user", "content": ask.prompt}],
            "store": False,
            "include": ["reasoning.encrypted_content"],
            **({} if ask.system is None else {"instructions": ask.system}),
            **({"reasoning": {"effort": "medium", "summary": "auto"}} if ask.think else {}),
        }

    async def complete(self, body: Json, ask: Ask) -> Response:
        if not ask.stream:
            return await self.client.responses.create(**body)
        async with self.client.responses.stream(**body) as events:
            async for event in events:
                if event.type == "response.output_text.delta":
                    ask.on_text(event.delta)
            return await events.get_final_response()

    def said(self, answer: Response, calls: list[Json]) -> Said:
        thoughts = [part.text for item in answer.output if item.type == "reasoning" for part in item.summary]
        usage = answer.usage
        return Said(answer.output_text, usage and usage.input_tokens, usage and usage.output_tokens, "\n".join(thoughts), calls)

    async def ask(self, ask: Ask) -> Said:
        return self.said(await self.complete(self.body(ask), ask), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        body = self.body(ask)
        body["tools"] = [
            {"type": "function", "name": tool.name, "description": tool.description, "parameters": tool.schema, "strict": False}
            for tool in tools
        ]
        calls: list[Json] = []
        while True:
            answer = await self.complete(body, ask)
            made = [item for item in answer.output if item.type == "function_call"]
            if not made:
                return self.said(answer, calls)
            body["input"] += answer.output
            for call in made:
                output = await run_tool(tools, call.name, call.arguments, calls)
                body["input"].append({"type": "function_call_output", "call_id": call.call_id, "output": output})

    async def structured(self, ask: Ask, shape):
        if not ask.stream:
            return (await self.client.responses.parse(**self.body(ask), text_format=shape)).output_parsed
        return (await self.complete({**self.body(ask), "text_format": shape}, ask)).output_parsed
