from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from llama_index.core.prompts import ChatPromptTemplate
from llama_index.core.tools import FunctionTool, ToolMetadata
from llama_index.llms.openai_like import OpenAILike
from pydantic import create_model

from kit import Ask, Client, Json, Said, Tool, run_tool


def function_tool(tool: Tool) -> FunctionTool:
    fields = {name: (str, ...) for name in tool.schema["properties"]}
    metadata = ToolMetadata(tool.description, tool.name, fn_schema=create_model(tool.name, **fields))
    return FunctionTool(fn=lambda **_: None, metadata=metadata)


class LlamaIndexLike(Client):
    """LlamaIndex with `llama-index-llms-openai-like`."""

    name = "python llamaindex: openai-like"
    wire = "openai-chat"

    def __init__(self, base: str, key: str) -> None:
        self.options = {"api_base": f"{base}/v1", "api_key": key, "max_retries": 0}

    def model(self, ask: Ask) -> OpenAILike:
        more = {
            **({"stream_options": {"include_usage": True}} if ask.stream else {}),
            **({"reasoning_effort": "medium"} if ask.think else {}),
            # It has a default, which models that reason refuse.
            "temperature": None,
        }
        return OpenAILike(
            **self.options,
            model=ask.model,
            is_chat_model=True,
            is_function_calling_model=True,
            should_use_structured_outputs=True,
            additional_kwargs=more,
        )

    def messages(self, ask: Ask) -> list[ChatMessage]:
        return [*([] if ask.system is None else [ChatMessage(ask.system, role="system")]), ChatMessage(ask.prompt)]

    async def last(self, stream, ask: Ask) -> ChatResponse:
        async for chunk in stream:
            response = chunk
            if chunk.delta:
                ask.on_text(chunk.delta)
        return response

    def said(self, response: ChatResponse, calls: list[Json]) -> Said:
        usage = getattr(response.raw, "usage", None)
        return Said(response.message.content or "", usage and usage.prompt_tokens, usage and usage.completion_tokens, calls=calls)

    async def ask(self, ask: Ask) -> Said:
        llm = self.model(ask)
        if ask.stream:
            return self.said(await self.last(await llm.astream_chat(self.messages(ask)), ask), [])
        return self.said(await llm.achat(self.messages(ask)), [])

    async def converse(self, ask: Ask, tools: list[Tool]) -> Said:
        llm, messages = self.model(ask), self.messages(ask)
        bound = [function_tool(tool) for tool in tools]
        calls: list[Json] = []
        while True:
            options = {"chat_history": messages, "allow_parallel_tool_calls": True}
            if ask.stream:
                response = await self.last(await llm.astream_chat_with_tools(bound, **options), ask)
            else:
                response = await llm.achat_with_tools(bound, **options)
            made = llm.get_tool_calls_from_response(response, error_on_no_tool_call=False)
            if not made:
                return self.said(response, calls)
            messages.append(response.message)
            for call in made:
                content = await run_tool(tools, call.tool_name, call.tool_kwargs, calls)
                messages.append(ChatMessage(content, role="tool", additional_kwargs={"tool_call_id": call.tool_id}))

    async def structured(self, ask: Ask, shape):
        llm, prompt = self.model(ask), ChatPromptTemplate(self.messages(ask))
        if not ask.stream:
            return await llm.astructured_predict(shape, prompt)
        async for partial in await llm.astream_structured_predict(shape, prompt):
            last = partial
        return last
