from deepgram import AsyncDeepgramClient
from deepgram.environment import DeepgramClientEnvironment
from elevenlabs.client import AsyncElevenLabs

from .openai_media import heard


async def check_elevenlabs(base: str, key: str) -> None:
    """elevenlabs: speech, by the relay"""
    client = AsyncElevenLabs(base_url=f"{base}/elevenlabs", api_key=key)
    pieces = [piece async for piece in client.text_to_speech.convert("a-voice", text="Hello", model_id="eleven_v3")]
    assert b"".join(pieces) == b"sound of Hello"


async def check_deepgram(base: str, key: str) -> None:
    """deepgram: a transcript, by the relay"""
    address = f"{base}/deepgram"
    environment = DeepgramClientEnvironment(base=address, production=address, agent=address, agent_rest=address)
    client = AsyncDeepgramClient(api_key=key, environment=environment)
    answer = await client.listen.v1.media.transcribe_file(request=b"RIFF-sound", model="nova-3")
    assert answer.results.channels[0].alternatives[0].transcript == heard
