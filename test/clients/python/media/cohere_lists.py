from cohere import AsyncClient, AsyncClientV2

documents = ["Cats sleep.", "Dogs bark.", "Cats purr and sleep."]


async def check_rerank(base: str, key: str) -> None:
    """cohere: texts in the order of what they have to do with a question"""
    for address in (base, f"{base}/cohere"):
        for kind in (AsyncClientV2, AsyncClient):
            client = kind(api_key=key, base_url=address, max_retries=0)
            answer = await client.rerank(model="mock/rerank", query="Do cats sleep?", documents=documents, top_n=2)
            assert len(answer.results) == 2
            first, second = answer.results
            assert first.relevance_score >= second.relevance_score
            assert first.index in (0, 2)


async def check_embed(base: str, key: str) -> None:
    """cohere: embeddings"""
    for address in (base, f"{base}/cohere"):
        client = AsyncClientV2(api_key=key, base_url=address, max_retries=0)
        answer = await client.embed(model="mock/embed", input_type="search_document", texts=["a", "b"], embedding_types=["float"])
        assert len(answer.embeddings.float_) == 2
