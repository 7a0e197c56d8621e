import json

from openai import NotFoundError

from .openai_media import connect


def line(model: str) -> str:
    return json.dumps({"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": model, "messages": []}})


async def check_files(base: str, key: str) -> None:
    """openai: a file, a batch of it, and what it holds"""
    async with connect(base, key) as client:
        file = await client.files.create(file=("in.jsonl", line("keeper").encode()), purpose="batch")
        assert (file.object, file.purpose, file.filename) == ("file", "batch", "in.jsonl")
        # The provider's own name of the model.
        assert json.loads((await client.files.content(file.id)).text) == json.loads(line("gpt-4o"))
        assert (await client.files.retrieve(file.id)).id == file.id
        assert file.id in [each.id async for each in client.files.list()]
        batch = await client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
        assert (await client.batches.retrieve(batch.id)).input_file_id == file.id
        assert (await client.batches.cancel(batch.id)).status == "cancelling"
        assert (await client.files.delete(file.id)).deleted


async def check_responses(base: str, key: str) -> None:
    """openai: a response that the gateway keeps"""
    async with connect(base, key) as client:
        made = await client.responses.create(model="mock/echo", input="Hello")
        assert (await client.responses.retrieve(made.id)).output_text == "Hello"
        items = [item async for item in client.responses.input_items.list(made.id)]
        assert [item.role for item in items] == ["user"]
        await client.responses.delete(made.id)
        try:
            await client.responses.retrieve(made.id)
        except NotFoundError:
            return
        raise AssertionError("it is still there")


async def check_vector_stores(base: str, key: str) -> None:
    """openai: a vector store, what is in it, and a search"""
    async with connect(base, key) as client:
        store = await client.vector_stores.create(name="notes")
        assert (await client.vector_stores.retrieve(store.id)).name == "notes"
        assert (await client.vector_stores.update(store.id, name="more")).name == "more"
        assert store.id in [each.id async for each in client.vector_stores.list()]
        added = await client.vector_stores.files.create(vector_store_id=store.id, file_id="file-1")
        assert (added.id, added.status) == ("file-1", "completed")
        found = [each async for each in client.vector_stores.search(store.id, query="cats")]
        assert found[0].content[0].text == "about cats"
        assert (await client.vector_stores.delete(store.id)).deleted
