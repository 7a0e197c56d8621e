"""The vendors' own SDKs."""

from .anthropic_messages import AnthropicMessages
from .cohere_chat import CohereChat
from .google_chats import GoogleChats
from .mistral_chat import MistralChat
from .openai_chat import OpenAiChat
from .openai_responses import OpenAiResponses

clients = [OpenAiChat, OpenAiResponses, AnthropicMessages, CohereChat, GoogleChats, MistralChat]
