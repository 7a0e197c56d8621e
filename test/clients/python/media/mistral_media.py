from mistralai.client import Mistral
from mistralai.client.utils import RetryConfig


def connect(base: str, key: str) -> Mistral:
    return Mistral(server_url=base, api_key=key, retry_config=RetryConfig("none", None, False))


async def check_ocr(base: str, key: str) -> None:
    """mistralai: a document is read"""
    for address in (base, f"{base}/mistral"):
        document = {"type": "document_url", "document_url": "https://example.com/a.pdf"}
        answer = await connect(address, key).ocr.process_async(model="mock/ocr", document=document)
        assert answer.pages[0].markdown == "# A page"


async def check_lists(base: str, key: str) -> None:
    """mistralai: moderation and embeddings"""
    for address in (base, f"{base}/mistral"):
        client = connect(address, key)
        moderated = await client.classifiers.moderate_async(model="mock/moderation", inputs=["a", "b"])
        assert [any(result.categories.values()) for result in moderated.results] == [False, False]
        embedded = await client.embeddings.create_async(model="mock/embed", inputs=["a", "b"])
        assert len(embedded.data) == 2


async def check_files(base: str, key: str) -> None:
    """mistralai: a file"""
    client = connect(f"{base}/mistral", key)
    made = await client.files.upload_async(file={"file_name": "a.jsonl", "content": b"{}"}, purpose="fine-tune")
    assert (await client.files.retrieve_async(file_id=made.id)).filename == "a.jsonl"
    assert (await client.files.delete_async(file_id=made.id)).deleted
