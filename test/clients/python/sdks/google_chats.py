from google import genai
from google.genai import errors, types

from kit import Ask, Client, Json, Said, Tool, run_tool


class GoogleChats(Client):
    """The `google-genai` package, by its chats, which keep the history."""

    name = "python google: genai"
    wire = "gemini"
    shows_thinking = True
    keeps_thoughts = True
    hides_request_id = "its errors have no headers"
    kinds = {"500": "ServerError", "*": "ClientError"}

    def __init__(self, base: str, key: str) -> None:
        options = types.HttpOptions(base_url=base, retry_options=types.HttpRetryOptions(attempts=1))
        self.client = genai.Client(api_key=key, http_options=options).aio

    def chat(self, ask: Ask, **more):
        thinking = types.ThinkingConfig(include_thoughts=True, thinking_budget=2000) if ask.think else None
        # The calls are ours to run.
        automatic = types.AutomaticFunctionCallingConfig(disable=True)
        config = types.GenerateContentConfig(
            system_instruction=ask.system, thinking_config=thinking, automatic_function_calling=automatic, **more
        )
        return self.client.chats.create(model=ask.model, config=config)

    async def send(self, chat, message, ask: Ask) -> tuple[list[types.Part], types.GenerateContentResponse]:
        if not ask.stream:
            answer = await chat.send_message(message)
            return answer.candidates[0].content.parts or [], answer
        parts: list[types.Part] = []
        async for chunk in await chat.send_message_stream(message):
            answer = chunk
            content = chunk.candidates[0].content if chunk.candidates else None
            for part in (content and content.parts) or []:
                parts.append(part)
                if part.text and not part.thought:
                    ask.on_text(part.text)
        return parts, answer

    def said(self, parts: list[types.Part], answer: types.GenerateContentResponse, calls: list[Json]) -> Said:
        text = "".join(part.text or "" for part in parts if not part.thought)
        thinking = "".join(part.text or "" for part in parts if part.thought)
        usage = answer.usage_metadata
        output = usage and (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        return Said(text, usage and usage.prompt_token_count, output, thinking, calls)

    async def ask(self, ask: Ask) -> Said:
        return self.said(*await self.send(self.chat(ask), ask.prompt, ask), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        declared = [
            types.FunctionDeclaration(name=tool.name, description=tool.description, parameters_json_schema=tool.schema) for tool in tools
        ]
        chat = self.chat(ask, tools=[types.Tool(function_declarations=declared)])
        calls: list[Json] = []
        message: str | list[types.Part] = ask.prompt
        while True:
            parts, answer = await self.send(chat, message, ask)
            made = [part.function_call for part in parts if part.function_call]
            if not made:
                return self.said(parts, answer, calls)
            message = [
                types.Part(
                    function_response=types.FunctionResponse(
                        id=call.id, name=call.name, response={"output": await run_tool(tools, call.name, call.args, calls)}
                    )
                )
                for call in made
            ]

    async def structured(self, ask: Ask, shape):
        chat = self.chat(ask, response_mime_type="application/json", response_schema=shape)
        parts, answer = await self.send(chat, ask.prompt, ask)
        return shape.model_validate_json(self.said(parts, answer, []).text) if ask.stream else answer.parsed

    def problem(self, error: Exception) -> Json:
        if not isinstance(error, errors.APIError):
            return {"message": str(error)}
        return {"status": error.code, "type": error.status, "message": error.message or str(error)}
