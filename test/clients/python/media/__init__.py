"""Clients of what is not chat, at their work."""

from . import cohere_lists, mistral_media, openai_kept, openai_media, sound_vendors

checks = [
    check
    for module in (openai_media, openai_kept, cohere_lists, mistral_media, sound_vendors)
    for name, check in vars(module).items()
    if name.startswith("check_")
]
