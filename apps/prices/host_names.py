"""Hosts under one name: sources spell the same host in several ways."""

import re

# Each spelling is the same host; `us.`, `@eu`, `:free` or `-fast` in a model's id are kept.
SPELLINGS = {
    "aws": "amazon-bedrock",
    "azure_ai": "azure",
    "bedrock": "amazon-bedrock",
    "bedrock_converse": "amazon-bedrock",
    "bedrock_mantle": "amazon-bedrock",
    "cloudflare": "cloudflare-workers-ai",
    "cohere_chat": "cohere",
    "fireworks": "fireworks-ai",
    "friendliai": "friendli",
    "gemini": "google",
    "moonshot": "moonshotai",
    "novita-ai": "novita",
    "together": "together-ai",
    "together_ai": "together-ai",
    "togetherai": "together-ai",
    "vercel_ai_gateway": "vercel",
    "vertex_ai": "google-vertex",
    "vertex_ai-deepseek_models": "google-vertex",
    "vertex_ai-llama_models": "google-vertex",
    "vertex_ai-mistral_models": "google-vertex",
    "vertex_ai-openai_models": "google-vertex",
    "xai": "x-ai",
}

# One list of a source that serves several hosts of the catalog.
ALSO = {"google": ("google-vertex",)}

# Who serves what a cloud only sells, by how the cloud's ids begin.
SERVED_BY = {("azure", "FW-"): "azure-fireworks"}

NAMES = {
    "302ai": "302.AI",
    "aihubmix": "AIHubMix",
    "alibaba-cn": "Alibaba Cloud, China",
    "amazon-bedrock": "Amazon Bedrock",
    "azure": "Microsoft Azure",
    "azure-cognitive-services": "Azure Cognitive Services",
    "azure-fireworks": "Fireworks in Azure Foundry",
    "baseten": "Baseten",
    "cerebras": "Cerebras",
    "cloudflare-workers-ai": "Cloudflare Workers AI",
    "crusoe": "Crusoe",
    "databricks": "Databricks",
    "digitalocean": "DigitalOcean",
    "edenai": "Eden AI",
    "fireworks-ai": "Fireworks AI",
    "friendli": "Friendli",
    "github-copilot": "GitHub Copilot",
    "hetzner": "Hetzner",
    "huggingface": "Hugging Face Inference Providers",
    "hyperbolic": "Hyperbolic",
    "lambda-ai": "Lambda",
    "llama": "Llama API",
    "llmgateway": "LLM Gateway",
    "llmgateway-providers": "LLM Gateway, by provider",
    "minimax-cn": "MiniMax, China",
    "modal": "Modal",
    "moonshotai-cn": "Moonshot AI, China",
    "nano-gpt": "NanoGPT",
    "nscale": "Nscale",
    "nvidia": "NVIDIA NIM",
    "oci": "Oracle Cloud",
    "ollama-cloud": "Ollama Cloud",
    "opencode-go": "OpenCode Go",
    "perplexity": "Perplexity",
    "poe": "Poe",
    "replicate": "Replicate",
    "requesty": "Requesty",
    "sambanova": "SambaNova",
    "scaleway": "Scaleway",
    "siliconflow": "SiliconFlow",
    "siliconflow-cn": "SiliconFlow, China",
    "snowflake": "Snowflake",
    "stackit": "STACKIT",
    "tencent": "Tencent Cloud",
    "venice": "Venice",
    "vercel": "Vercel AI Gateway",
    "vultr": "Vultr",
    "wandb": "Weights & Biases",
    "watsonx": "IBM watsonx",
    "zhipuai": "Zhipu AI",
}

_DATE_SUFFIX = re.compile(r"[-@]20\d{2}(-?)(0[1-9]|1[0-2])\1(0[1-9]|[12]\d|3[01])$")


def slug(host: str) -> str:
    """Return the catalog's slug of a host, however a source spells it."""
    known = SPELLINGS.get(host, host)
    return re.sub(r"[^a-z0-9-]+", "-", known.lower()).strip("-")


def serving(host: str, host_model_id: str) -> str:
    """Return the catalog's slug of who serves an id that a source lists under a host."""
    found = slug(host)
    for (seller, start), server in SERVED_BY.items():
        if found == seller and host_model_id.startswith(start):
            return server
    return found


def name(slug_: str, stated: str = "") -> str:
    """Return the name to show: a known one, what the source states, else the slug itself."""
    return NAMES.get(slug_) or stated or slug_


def without_date(host_model_id: str) -> str:
    """Return the id without a date at its end; every other suffix is an offer of its own."""
    return _DATE_SUFFIX.sub("", host_model_id)


def is_router(slug_: str) -> bool:
    """Tell whether a host that no source classifies is known to pass requests on."""
    return slug_ in {"openrouter", "github-copilot"} or slug_.startswith("huggingface")
