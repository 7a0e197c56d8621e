"""Frameworks on top of the vendors' formats."""

from .instructor_openai import InstructorSchema, InstructorTools
from .langchain_chat import LangChainChat, LangChainResponses
from .llama_index_like import LlamaIndexLike

clients = [LangChainChat, LangChainResponses, LlamaIndexLike, InstructorTools, InstructorSchema]
