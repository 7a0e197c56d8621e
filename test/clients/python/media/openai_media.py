import asyncio

from openai import AsyncOpenAI, OpenAI

sound = ("a.wav", b"RIFF-sound", "audio/wav")
picture = ("a.png", b"png", "image/png")
heard = "A recording of 10 bytes."


def connect(base: str, key: str) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0)


async def check_images(base: str, key: str) -> None:
    """openai: images are made, changed and varied"""
    async with connect(base, key) as client:
        made = await client.images.generate(model="mock/images", prompt="A white cat", n=2)
        assert len(made.data) == 2
        changed = await client.images.edit(model="mock/images", image=[picture, picture], mask=picture, prompt="A hat")
        assert changed.data[0].b64_json
        varied = await client.images.create_variation(model="mock/images", image=picture)
        assert len(varied.data) == 1


async def check_image_stream(base: str, key: str) -> None:
    """openai: an image that comes in events"""
    async with connect(base, key) as client:
        events = await client.images.generate(model="mock/images", prompt="A white cat", stream=True)
        assert [event.type async for event in events] == ["image_generation.completed"]


async def check_speech(base: str, key: str) -> None:
    """openai: speech, whole and as it comes"""
    async with connect(base, key) as client:
        whole = await client.audio.speech.create(model="mock/speech", input="Hello", voice="alloy")
        assert len(whole.content) == 844
        async with client.audio.speech.with_streaming_response.create(model="mock/speech", input="Hello", voice="alloy") as response:
            assert response.headers["content-type"] == "audio/wav"
            assert sum([len(piece) async for piece in response.iter_bytes(100)]) == 844


async def check_transcripts(base: str, key: str) -> None:
    """openai: transcripts and translations, whole and streamed"""
    async with connect(base, key) as client:
        transcribe = client.audio.transcriptions.create
        assert (await transcribe(model="mock/t", file=sound)).text == heard
        full = await transcribe(model="mock/t", file=sound, response_format="verbose_json", timestamp_granularities=["word", "segment"])
        assert (full.language, full.duration, full.text) == ("en", 1, heard), full
        assert str(await transcribe(model="mock/t", file=sound, response_format="vtt")).startswith("WEBVTT")
        events = [event async for event in await transcribe(model="mock/t", file=sound, stream=True)]
        assert [event.type for event in events] == ["transcript.text.delta", "transcript.text.done"]
        assert events[-1].text == heard, events[-1]
        assert (await client.audio.translations.create(model="mock/t", file=sound)).text


async def check_without_waiting(base: str, key: str) -> None:
    """openai: the client that is not asynchronous"""

    def work() -> None:
        with OpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0) as client:
            assert len(client.images.edit(model="mock/images", image=picture, prompt="A hat").data) == 1
            assert client.audio.transcriptions.create(model="mock/t", file=sound).text == heard
            with client.audio.speech.with_streaming_response.create(model="mock/speech", input="x", voice="alloy") as response:
                assert sum(len(piece) for piece in response.iter_bytes()) == 844
            stream = client.audio.transcriptions.create(model="mock/t", file=sound, stream=True)
            assert [event.type for event in stream][-1] == "transcript.text.done"

    await asyncio.to_thread(work)


async def check_lists(base: str, key: str) -> None:
    """openai: moderation and embeddings"""
    async with connect(base, key) as client:
        moderated = await client.moderations.create(model="mock/moderation", input=["a", "b"])
        assert [result.flagged for result in moderated.results] == [False, False]
        # Asks for base64 unless it is told otherwise.
        embedded = await client.embeddings.create(model="mock/embed", input=["a", "b"])
        floats = await client.embeddings.create(model="mock/embed", input=["a", "b"], encoding_format="float")
        assert len(embedded.data) == 2
        for found, plain in zip(embedded.data, floats.data, strict=True):
            assert max(abs(a - b) for a, b in zip(found.embedding, plain.embedding, strict=True)) < 1e-6


async def check_video(base: str, key: str) -> None:
    """openai: a video from its beginning to its end"""
    async with connect(base, key) as client:
        video = await client.videos.create_and_poll(model="mock/videos", prompt="A cat walks", seconds="4")
        assert video.status == "completed"
        assert (await client.videos.retrieve(video.id)).id == video.id
        assert (await client.videos.download_content(video.id)).content == b"mock video"
        assert (await client.videos.remix(video.id, prompt="y")).remixed_from_video_id == video.id
        assert (await client.videos.delete(video.id)).deleted
