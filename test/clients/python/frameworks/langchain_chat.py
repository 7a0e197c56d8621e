from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_openai import ChatOpenAI

from kit import Ask, Client, Json, Said, Tool, run_tool


class LangChainChat(Client):
    """`langchain-openai`, Chat Completions."""

    name = "python langchain: openai"
    wire = "openai-chat"
    kinds = {
        "400": "OpenAIInvalidRequestError",
        "401": "OpenAIAuthenticationError",
        "404": "OpenAIModelNotFoundError",
        "429": "OpenAIRateLimitError",
        "500": "OpenAIAPIError",
    }

    def __init__(self, base: str, key: str) -> None:
        self.options = {"base_url": f"{base}/v1", "api_key": key, "max_retries": 0}

    def model(self, ask: Ask) -> ChatOpenAI:
        return ChatOpenAI(**self.options, model=ask.model, stream_usage=True, reasoning_effort="medium" if ask.think else None)

    def messages(self, ask: Ask) -> list[BaseMessage]:
        return [*([] if ask.system is None else [SystemMessage(ask.system)]), HumanMessage(ask.prompt)]

    async def complete(self, runnable, messages: list[BaseMessage], ask: Ask) -> AIMessage:
        if not ask.stream:
            return await runnable.ainvoke(messages)
        whole = None
        async for chunk in runnable.astream(messages):
            whole = chunk if whole is None else whole + chunk
            if chunk.text:
                ask.on_text(chunk.text)
        return whole

    def said(self, message: AIMessage, calls: list[Json]) -> Said:
        thoughts = [block.get("reasoning", "") for block in message.content_blocks if block["type"] == "reasoning"]
        usage = message.usage_metadata or {}
        return Said(message.text, usage.get("input_tokens"), usage.get("output_tokens"), "".join(thoughts), calls)

    async def ask(self, ask: Ask) -> Said:
        return self.said(await self.complete(self.model(ask), self.messages(ask), ask), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        bound = self.model(ask).bind_tools(
            [{"type": "function", "function": {"name": tool.name, "description": tool.description, "parameters": tool.schema}} for tool in tools]
        )
        messages = self.messages(ask)
        calls: list[Json] = []
        while True:
            message = await self.complete(bound, messages, ask)
            if not message.tool_calls:
                return self.said(message, calls)
            messages.append(message)
            for call in message.tool_calls:
                messages.append(ToolMessage(await run_tool(tools, call["name"], call["args"], calls), tool_call_id=call["id"]))

    async def structured(self, ask: Ask, shape):
        runnable = self.model(ask).with_structured_output(shape, method="json_schema")
        if not ask.stream:
            return await runnable.ainvoke(self.messages(ask))
        async for partial in runnable.astream(self.messages(ask)):
            last = partial
        return last


class LangChainResponses(LangChainChat):
    """`langchain-openai`, Responses."""

    name = "python langchain: openai (responses)"
    wire = "openai-responses"
    shows_thinking = True
    keeps_thoughts = True

    def model(self, ask: Ask) -> ChatOpenAI:
        return ChatOpenAI(
            **self.options,
            model=ask.model,
            use_responses_api=True,
            store=False,
            include=["reasoning.encrypted_content"],
            output_version="responses/v1",
            reasoning={"effort": "medium", "summary": "auto"} if ask.think else None,
        )
