import instructor
from openai import AsyncOpenAI

from kit import Ask, Client, Json, Said


class InstructorTools(Client):
    """Instructor, by a tool that must be called. Without a shape it is the `openai` package that it wraps."""

    name = "python instructor: TOOLS"
    wire = "openai-chat"
    converses = False
    mode = instructor.Mode.TOOLS

    def __init__(self, base: str, key: str) -> None:
        self.client = instructor.from_openai(AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0), mode=self.mode)

    def body(self, ask: Ask) -> Json:
        system = [] if ask.system is None else [{"role": "system", "content": ask.system}]
        return {"model": ask.model, "messages": [*system, {"role": "user", "content": ask.prompt}]}

    async def ask(self, ask: Ask) -> Said:
        if not ask.stream:
            answer = await self.client.create(**self.body(ask), response_model=None)
            return Said(answer.choices[0].message.content or "", answer.usage.prompt_tokens, answer.usage.completion_tokens)
        options = {"stream": True, "stream_options": {"include_usage": True}, "response_model": None}
        said = Said("", None, None)
        async for chunk in await self.client.create(**self.body(ask), **options):
            if chunk.usage:
                said.input, said.output = chunk.usage.prompt_tokens, chunk.usage.completion_tokens
            for choice in chunk.choices:
                if choice.delta.content:
                    said.text += choice.delta.content
                    ask.on_text(choice.delta.content)
        return said

    async def structured(self, ask: Ask, shape):
        if not ask.stream:
            return await self.client.create(**self.body(ask), response_model=shape, max_retries=0)
        async for partial in self.client.create_partial(**self.body(ask), response_model=shape, max_retries=0):
            last = partial
        return last


class InstructorSchema(InstructorTools):
    """Instructor, by a schema for the answer."""

    name = "python instructor: JSON_SCHEMA"
    mode = instructor.Mode.JSON_SCHEMA
